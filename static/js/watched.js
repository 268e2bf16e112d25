// The watch list: ids of councils and parties, in the address, so that it can be shared.

export function watched() {
  return new URL(location.href).searchParams
    .getAll("watch")
    .flatMap((value) => value.split(","))
    .filter(Boolean);
}

// Whether a change of hands is about what is watched.
export function concerns({ council, parties }) {
  const list = watched();
  return list.includes(council) || parties.some((party) => list.includes(party));
}
