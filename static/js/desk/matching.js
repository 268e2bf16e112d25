// Whether words that somebody types mean a contest: the same as app/domain/search.py, which says how.

const LEAST_LETTERS = 4;
const SAINT = ["st", "saint"];

export function wordsOf(text) {
  return text
    .normalize("NFKD")
    .replace(/\p{M}|['’‘ʼ`´′]/gu, "")
    .toLowerCase()
    .replaceAll("&", " and ")
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

export function askedWords(typed) {
  const words = wordsOf(typed);
  const telling = words.filter((word) => word !== "and");
  return telling.length ? telling : words;
}

export function matches(own, asked, { forgiving = false } = {}) {
  const words = wordsOf(own);
  const begun = [...words, ...words.slice(1).map((word, at) => words[at] + word)];
  if (words.some((word) => SAINT.includes(word))) begun.push(...SAINT);
  return asked.every((word) => begun.some((one) => begins(word, one, forgiving)));
}

function begins(word, own, forgiving) {
  if (own.startsWith(word)) return true;
  if (!forgiving || word.length < LEAST_LETTERS) return false;
  const wrong = [...word].findIndex((letter, at) => own[at] !== letter);
  const rest = word.slice(wrong);
  const left = own.slice(wrong);
  return (
    left.slice(1).startsWith(rest.slice(1)) || // another letter
    left.startsWith(rest.slice(1)) || // one too many
    left.slice(1).startsWith(rest) || // one too few
    (left.length > 1 && rest.slice(0, 2) === left[1] + left[0] && left.slice(2).startsWith(rest.slice(2))) // turned round
  );
}
