// Live positions as the Socket.IO tutorial teaches a chat: a room a region, an emit a position.
// A position comes by POST or by the event "position", many by "positions"; a dispatcher emits "join". Nothing is stored, no token is asked for.
const http = require("node:http");
const { Server } = require("socket.io");

const publish = (position) => io.to(position.region).emit("position", position);

const server = http.createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    publish(JSON.parse(Buffer.concat(parts)));
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": 12 });
    response.end('{"stored":0}');
  });
});
const io = new Server(server);
io.on("connection", (socket) => {
  socket.on("join", (region) => socket.join(region));
  socket.on("position", publish);
  socket.on("positions", (positions) => positions.forEach(publish));
});
server.listen(Number(process.argv[2]), "127.0.0.1");
