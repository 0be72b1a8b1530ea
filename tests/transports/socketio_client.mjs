// A real Socket.IO client in Node, as docs/socketio.md shows it; prints what it saw as one JSON object.
import { createRequire } from "node:module";

const { io } = createRequire(new URL("../../frontend/package.json", import.meta.url))("socket.io-client");
const [url, cookie, token, transports] = process.argv.slice(2);
const options = { transports: transports.split(","), reconnection: false, extraHeaders: { Cookie: cookie, Origin: url } };

const next = (socket, event) => new Promise((resolve) => socket.once(event, resolve));
const seen = {};

const dispatch = io(`${url}/dispatch`, options);
const admin = io(`${url}/admin`, options);
[seen.welcome, seen.admin] = await Promise.all([
  next(dispatch, "welcome"),
  next(admin, "connect_error").then((error) => ({ message: error.message, code: error.data.code })),
]);
const driver = io(`${url}/driver`, { ...options, auth: { token } });
await next(driver, "welcome");
seen.engines = new Set([dispatch.io.engine.id, driver.io.engine.id, admin.io.engine.id]).size;

const snapshot = next(dispatch, "snapshot");
seen.join = await dispatch.emitWithAck("join", { channel: "region:all" });
seen.snapshot = (await snapshot).channel;
dispatch.emit("ack", { seq: (await snapshot).seq });

const delta = next(dispatch, "delta");
const fix = { fix_time: Date.now(), lat: 57.7, lon: 11.95 };
seen.report = await driver.emitWithAck("report", { fixes: [fix] });
seen.moved = (await delta).rows.some((row) => row[1] === fix.fix_time);

seen.leave = await dispatch.emitWithAck("leave", { channel: "region:all" });
seen.wrong = await dispatch.emitWithAck("join", { channel: "region:nowhere" });
dispatch.disconnect();
seen.after = (await driver.emitWithAck("report", { fixes: [{ ...fix, fix_time: fix.fix_time + 1 }] })).type;
driver.disconnect();
console.log(JSON.stringify(seen));
