// A time as it is told: in the election's zone, and with the date unless that is today's there.
export function when(at, timeZone) {
  const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone });
  const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone }).format(at);
  return day.format(at) === day.format(new Date()) ? time : `${time}, ${day.format(at)}`;
}
