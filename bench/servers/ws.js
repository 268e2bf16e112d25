// Node's ws: node ws.js PORT, with NODE_PATH naming the folder that has it.
const http = require("node:http");
const { WebSocketServer } = require("ws");

const server = http.createServer((request, response) => {
  let body = "";
  request.on("data", (part) => { body += part; });
  request.on("end", () => {
    for (const socket of sockets.clients) socket.send(body);
    response.writeHead(204).end();
  });
});
const sockets = new WebSocketServer({ server, path: "/watch", perMessageDeflate: false });
server.listen(Number(process.argv[2]), "127.0.0.1", 4096);
