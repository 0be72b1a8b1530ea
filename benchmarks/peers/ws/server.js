// Live positions by Node's `ws` with the product's conflation: the newest position of each vehicle, one message a region each 250 ms.
// Positions come by POST or over a WebSocket, one or an array; a dispatcher's path names its region. Nothing is stored, no token is asked for.
const http = require("node:http");
const { WebSocketServer } = require("ws");

const TICK_MS = 250;
const rooms = new Map(); // region -> { sockets, newest: vehicle -> position }

const roomOf = (region) => {
  if (!rooms.has(region)) rooms.set(region, { sockets: new Set(), newest: new Map() });
  return rooms.get(region);
};
const publish = (text) => {
  const told = JSON.parse(text);
  for (const position of Array.isArray(told) ? told : [told]) {
    roomOf(position.region).newest.set(position.vehicle, position);
  }
};

setInterval(() => {
  for (const { sockets, newest } of rooms.values()) {
    if (newest.size === 0) continue;
    const text = JSON.stringify([...newest.values()]);
    newest.clear();
    for (const socket of sockets) socket.send(text);
  }
}, TICK_MS);

const server = http.createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    publish(Buffer.concat(parts));
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": 12 });
    response.end('{"stored":0}');
  });
});
new WebSocketServer({ server }).on("connection", (socket, request) => {
  const [, role, region] = request.url.split("/");
  if (role !== "ws") {
    socket.on("message", publish);
    return;
  }
  const { sockets } = roomOf(region);
  sockets.add(socket);
  socket.on("close", () => sockets.delete(socket));
});
server.listen(Number(process.argv[2]), "127.0.0.1");
