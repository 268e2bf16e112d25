// What the scripts that are given use that the oldest browsers we promise to serve have not: one line each, on stdout.
//
//   node too_new.js '{"chrome": 88, "firefox": 85}' FILE…
//
// Grammar is held to ES2021. Names are looked up in MDN's tables: those of a global's own exactly; those that any object may
// have are too new once nothing of that name was there in time. What a script looks for before it uses it need not be there.
import { readFileSync } from "node:fs";
import { parse } from "acorn";
import { full } from "acorn-walk";
import tables from "@mdn/browser-compat-data" with { type: "json" };

const GRAMMAR = 2021;
const oldest = JSON.parse(process.argv[2]);
const GLOBALS = { ...tables.javascript.builtins, ...tables.api };

// By the name of a member, whether anything had it in time.
const members = new Map();
for (const features of Object.values(GLOBALS)) collect(features);

function collect(features) {
  for (const [key, feature] of Object.entries(features)) {
    if (!feature.__compat || key.endsWith("_event")) continue;
    const name = key.replace(/_static$/, "");
    members.set(name, isInTime(feature) || members.get(name) === true);
    collect(feature);
  }
}

function isInTime(feature) {
  return Object.entries(oldest).every(([browser, version]) => {
    const support = [feature.__compat.support[browser]].flat();
    return support.some(({ version_added: added, flags, prefix }) => !flags && !prefix && since(added) <= version);
  });
}

function since(added) {
  if (added === "preview" || !added) return Infinity;
  return added === true ? 0 : parseFloat(added.replace("≤", ""));
}

function faultsIn(path) {
  const found = [];
  const written = new Set();
  const tree = parse(readFileSync(path, "utf-8"), { ecmaVersion: GRAMMAR, sourceType: "module", locations: true });
  // What is written and not known is ignored.
  full(tree, ({ type, left }) => type === "AssignmentExpression" && written.add(left));
  full(tree, (node) => {
    if (written.has(node)) return;
    const fault = node.type === "MemberExpression" ? ofMember(node) : ofGlobal(node);
    if (fault) found.push(`${path}:${node.loc.start.line}: ${fault}`);
  });
  return found;
}

function ofMember({ computed, object, optional, property }) {
  if (computed || optional || object.property?.name === "dataset") return "";
  const global = object.type === "Identifier" ? object.name : "";
  const known = GLOBALS[global]?.[`${property.name}_static`] ?? GLOBALS[global]?.[property.name];
  const isThere = known?.__compat ? isInTime(known) : members.get(property.name) !== false;
  return isThere ? "" : `${global}.${property.name}`;
}

function ofGlobal({ type, callee }) {
  const name = /^(New|Call)Expression$/.test(type) && callee.type === "Identifier" ? callee.name : "";
  const known = name && GLOBALS[name];
  return known?.__compat && !isInTime(known) ? name : "";
}

const faults = process.argv.slice(3).flatMap(faultsIn);
if (faults.length) console.log(faults.join("\n"));
