// What Open Graph and oEmbed readers make of the address that is given, as JSON.
import { extract } from "@extractus/oembed-extractor";
import openGraph from "open-graph-scraper";

const [kind, url] = process.argv.slice(2);
const readers = {
  async "open-graph"() {
    const { error, result } = await openGraph({ url });
    if (error) throw new Error(JSON.stringify(result));
    return result;
  },
  oembed: () => extract(url, { maxwidth: 500 }),
};
console.log(JSON.stringify(await readers[kind]()));
