using static Mesh.IntegrationTests.Agent.Smuggling.SmugglingCase;

namespace Mesh.IntegrationTests.Agent.Smuggling.Cases;

/// <summary>Where do headers end, and what do they ask of the connection?</summary>
internal static class HeaderCases
{
    private static readonly RequestSeen s_get = new("GET", "/a");

    public static SmugglingCase[] All { get; } =
    [
        Get("header, ordinary", "X: 1\r\n", s_get),
        Get("header, empty", "X:\r\n", s_get),
        Get("header, bytes beyond ASCII", "X: caf\u00e9\r\n", s_get),
        Get("header, bare LF", "X: 1\nY: 2\r\n"),
        Get("header, bare LF ends the head", "X: 1\r\n\n"),
        new("header, bare LF everywhere", "GET {i}/a HTTP/1.1\nHost: {h}\n\n"),
        new("header, bare LF after the line", "GET {i}/a HTTP/1.1\nHost: {h}\r\n\r\n"),
        Get("header, LF and a request within", "X: 1\n\nGET {i}/smuggled HTTP/1.1\r\nHost: {h}\r\n"),
        Get("header, bare CR", "X: 1\rY: 2\r\n"),
        Get("header, CR at the end", "X: 1\r\r\n"),
        Get("header, CR ends the head", "X: 1\r\n\r\r\n"),
        Get("header, NUL", "X: a\0b\r\n"),
        Get("header, folded by a blank", "X: 1\r\n 2\r\n"),
        Get("header, folded by a tab", "X: 1\r\n\t2\r\n"),
        Get("header, no colon", "X\r\n"),
        Get("header, empty name", ": 1\r\n"),
        Get("header, colon first", ":authority: evil\r\n"),
        Get("header, a pseudo-header", ":path: /evil\r\n"),
        Get("header, blank in the name", "X Y: 1\r\n"),
        Get("header, blank before the colon", "X : 1\r\n"),
        Get("header, NUL in the name", "X\0Y: 1\r\n"),
        Get("header, bytes beyond ASCII in the name", "X\u00e9: 1\r\n"),
        Get("header, name is no token", "X(: 1\r\n"),
        Get("header, more than there may be", string.Concat(Enumerable.Range(0, 101).Select(static i => $"X{i}: 1\r\n"))) with { Refusal = 431 },
        Get("header, longer than there may be", $"X: {new string('x', 40_000)}\r\n") with { Refusal = 431 },
        Get("upgrade, h2c", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n", s_get),
        Get("upgrade, h2c that nobody nominated", "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n", s_get),
        Get("upgrade, h2c among others", "Connection: Upgrade\r\nUpgrade: h2c, x\r\n", s_get),
        Post("upgrade, h2c with a body", "Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 5\r\n", "hello", new RequestSeen("POST", "/a", "hello")),
        Get("upgrade, refused behind", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 777\r\nSec-WebSocket-Key: x\r\n", s_get),
        Get("upgrade, of its own, refused behind", "Connection: Upgrade\r\nUpgrade: shout\r\n", s_get),
        Post("upgrade, websocket with a body", "Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n", "hello", new RequestSeen("POST", "/a", "hello")),
        Post("upgrade, websocket with chunks", "Connection: Upgrade\r\nUpgrade: websocket\r\nTransfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n", new RequestSeen("POST", "/a", "hello")),
        Post("expect, and the body comes at once", "Expect: 100-continue\r\nContent-Length: 5\r\n", "hello", new RequestSeen("POST", "/a", "hello")),
        Get("expect, without a body", "Expect: 100-continue\r\n", s_get),
        Post("expect, something else", "Expect: 200-ok\r\nContent-Length: 5\r\n", "hello", new RequestSeen("POST", "/a", "hello")),
        Get("connection, close with more", "Connection: close, X\r\n", s_get) with { Ends = true },
        new("connection, HTTP/1.0", "GET {i}/a HTTP/1.0\r\nHost: {h}\r\n\r\n", s_get) { Ends = true },
        new("preface, of HTTP/2 after a request", "GET {i}/a HTTP/1.1\r\nHost: {h}\r\n\r\nPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", s_get) { Ends = true },
    ];
}
