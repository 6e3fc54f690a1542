import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { networkRequestCount, refuseNetwork } from "./network-guard";

test("connections to other machines are refused in a sentence, those to this machine go through", async () => {
  refuseNetwork();
  await expect(fetch("http://192.0.2.1:8080/")).rejects.toMatchObject({ cause: { code: "network/refused" } });
  for (const attempt of [() => connect(9, "192.0.2.1"), () => connect({ port: 9, host: "pictures.invalid" })]) {
    const [error] = (await once(attempt(), "error")) as [Error];
    expect(error).toMatchObject({
      code: "network/refused",
      message: expect.stringMatching(/^A connection to .+ was refused\.$/) as string,
    });
  }
  const server = createServer((socket) => socket.end("here"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  expect(String((await once(socket, "data"))[0])).toBe("here");
  server.close();
  expect(networkRequestCount()).toBe(0);
});
