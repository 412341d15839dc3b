namespace Mesh.IntegrationTests.Agent.Smuggling.Cases;

/// <summary>What cannot be said in HTTP/1.1, or says something else there (RFC 9113, 8 and 10.3).</summary>
internal static class Http2Cases
{
    private const string Inner = "GET {i}/smuggled HTTP/1.1\r\nHost: {h}\r\n\r\n";

    private static readonly RequestSeen s_get = new("GET", "/a");
    private static readonly RequestSeen s_hello = new("POST", "/a", "hello");

    public static Http2Case[] All { get; } =
    [
        Get("ordinary", s_get),
        Post("ordinary, with a body", "hello", s_hello),
        Post("length, ordinary", "hello", s_hello, ("content-length", "5")),
        Post("length, more than comes", "hello", null, ("content-length", "6")),
        Post("length, less than comes", "hello", null, ("content-length", "4")),
        Post("length, zero and a request within", Inner, null, ("content-length", "0")),
        Post("length, twice the same", "hello", null, ("content-length", "5"), ("content-length", "5")),
        Post("length, twice, differing", "hello", null, ("content-length", "5"), ("content-length", "0")),
        Post("length, list", "hello", null, ("content-length", "5, 5")),
        Post("length, plus", "hello", null, ("content-length", "+5")),
        Post("length, blank before", "hello", null, ("content-length", " 5")),
        Post("length, NUL", "hello", null, ("content-length", "5\0")),
        Post("length, CR LF", "hello", null, ("content-length", "5\r\nX: 1")),
        Get("length, of a body that does not come", null, ("content-length", "5")),
        Post("coding", Inner, null, ("transfer-encoding", "chunked")),
        Post("coding, and a request within", "0\r\n\r\n" + Inner, null, ("transfer-encoding", "chunked")),
        Post("coding, and a length", "hello", null, ("transfer-encoding", "chunked"), ("content-length", "5")),
        Post("coding, identity", "hello", null, ("transfer-encoding", "identity")),
        Post("coding, in capitals", "hello", null, ("Transfer-Encoding", "chunked")),
        Post("coding, behind CR LF", "0\r\n\r\n" + Inner, null, ("x", "1\r\ntransfer-encoding: chunked")),
        Get("connection", null, ("connection", "close")),
        Get("connection, nominates", null, ("connection", "x"), ("x", "1")),
        Get("connection, keep-alive", s_get, ("keep-alive", "timeout=5")),
        Get("connection, of a proxy", s_get, ("proxy-connection", "keep-alive")),
        Get("connection, upgrade", s_get, ("upgrade", "h2c")),
        Get("te, trailers", s_get, ("te", "trailers")),
        Get("te, something else", null, ("te", "gzip")),
        Get("value, CR LF and a header", null, ("x", "1\r\nhost: evil")),
        Get("value, CR LF and a request", null, ("x", "1\r\n\r\n" + Inner)),
        Get("value, LF", null, ("x", "1\nhost: evil")),
        Get("value, CR", null, ("x", "1\rhost: evil")),
        Get("value, NUL", null, ("x", "a\0b")),
        Get("value, CR LF at the end", null, ("x", "1\r\n")),
        Get("value, of a known header, LF", null, ("user-agent", "1\nx: y")),
        Get("value, of a cookie, CR LF", null, ("cookie", "a=b\r\nx: y")),
        Get("value, bytes beyond ASCII", s_get, ("x", "caf\u00e9")),
        Get("cookie, in crumbs", s_get, ("cookie", "a=b"), ("cookie", "c=d")),
        Get("name, CR LF", null, ("x: 1\r\nhost", "evil")),
        Get("name, colon", null, ("x: y", "1")),
        Get("name, blank", null, ("x y", "1")),
        Get("name, blank behind", null, ("content-length ", "1")),
        Get("name, capitals", null, ("X", "1")),
        Get("name, NUL", null, ("x\0", "1")),
        Get("name, bytes beyond ASCII", null, ("x\u00e9", "1")),
        Get("name, empty", null, ("", "1")),
        Of("path, blank", "GET", "{i}/a b", "{h}", null),
        Of("path, a version within", "GET", "{i}/a HTTP/1.1\r\nHost: evil\r\n\r\n", "{h}", null),
        Of("path, LF", "GET", "{i}/a\nx", "{h}", null),
        Of("path, NUL", "GET", "{i}/a\0", "{h}", null),
        Of("path, tab", "GET", "{i}/a\tb", "{h}", null),
        Of("path, fragment", "GET", "{i}/a#b", "{h}", null),
        Of("path, bytes beyond ASCII", "GET", "{i}/\u00e9", "{h}", null),
        Of("path, empty", "GET", "", "{h}", null),
        Of("path, asterisk", "GET", "*", "{h}", null),
        Of("path, without a slash", "GET", "a", "{h}", null),
        Of("path, absolute", "GET", "http://evil{i}/a", "{h}", null),
        Of("path, dots", "GET", "{i}/b/../a", "{h}", new RequestSeen("GET", "/b/../a")),
        Of("method, blank", "GET {i}/smuggled HTTP/1.1", "{i}/a", "{h}", null),
        Of("method, CR LF", "GET / HTTP/1.1\r\nX: 1\r\n\r\nGET", "{i}/a", "{h}", null),
        Of("method, empty", "", "{i}/a", "{h}", null),
        Of("method, no token", "G(T", "{i}/a", "{h}", null),
        Of("authority, user", "GET", "{i}/a", "{h}@evil", null),
        Of("authority, path", "GET", "{i}/a", "{h}/evil", null),
        Of("authority, CR LF", "GET", "{i}/a", "{h}\r\nX: 1", null),
        Of("authority, blank", "GET", "{i}/a", "{h} evil", null),
        Of("authority, list", "GET", "{i}/a", "{h},evil", null),
        Of("authority, NUL", "GET", "{i}/a", "{h}\0", null),
        Get("host, another than the authority", s_get, ("host", "evil")),
        Get("host, as the authority", s_get, ("host", "{h}")),
        new("host, alone", [(":method", "GET"), (":scheme", "http"), (":path", "{i}/a"), ("host", "{h}")], null, s_get),
        new("host, two", [(":method", "GET"), (":scheme", "http"), (":path", "{i}/a"), ("host", "{h}"), ("host", "evil")], null, null),
        new("host, none", [(":method", "GET"), (":scheme", "http"), (":path", "{i}/a")], null, null),
        new("scheme, odd", [(":method", "GET"), (":scheme", "http://evil/?"), (":path", "{i}/a"), (":authority", "{h}")], null, null),
        new("scheme, CR LF", [(":method", "GET"), (":scheme", "http\r\nX: 1"), (":path", "{i}/a"), (":authority", "{h}")], null, null),
        new("pseudo, no path", [(":method", "GET"), (":scheme", "http"), (":authority", "{h}")], null, null),
        new("pseudo, no method", [(":scheme", "http"), (":path", "{i}/a"), (":authority", "{h}")], null, null),
        new("pseudo, two paths", [(":method", "GET"), (":scheme", "http"), (":path", "{i}/a"), (":path", "{i}/b"), (":authority", "{h}")], null, null),
        new("pseudo, two authorities", [(":method", "GET"), (":scheme", "http"), (":path", "{i}/a"), (":authority", "{h}"), (":authority", "evil")], null, null),
        Get("pseudo, after the others", null, ("x", "1"), (":path", "{i}/b")),
        Get("pseudo, unknown", null, (":evil", "1")),
        Get("pseudo, of a response", null, (":status", "200")),
        new("connect", [(":method", "CONNECT"), (":authority", "{h}:80")], null, null),
        Post("trailers, ordinary", "hello", s_hello) with { Trailers = [("x-sum", "1")] },
        Post("trailers, a length", "hello", s_hello) with { Trailers = [("content-length", "9")] },
        Post("trailers, pseudo", "hello", null) with { Trailers = [(":path", "/evil")] },
        Post("trailers, CR LF, which go no further", "hello", s_hello) with { Trailers = [("x", "1\r\nhost: evil")] },
        Post("trailers, capitals", "hello", null) with { Trailers = [("X", "1")] },
    ];

    private static Http2Case Get(string name, RequestSeen? seen, params (string Name, string Value)[] more) => Of(name, "GET", "{i}/a", "{h}", seen, more);

    private static Http2Case Post(string name, string body, RequestSeen? seen, params (string Name, string Value)[] more) => Of(name, "POST", "{i}/a", "{h}", seen, more) with { Body = body };

    private static Http2Case Of(string name, string method, string path, string authority, RequestSeen? seen, params (string Name, string Value)[] more) =>
        new(name, [(":method", method), (":scheme", "http"), (":path", path), (":authority", authority), .. more], null, seen);
}
