namespace Mesh.IntegrationTests.Agent.Smuggling.Cases;

/// <summary>Which host and which path (RFC 9112, 3)?</summary>
internal static class TargetCases
{
    private static readonly RequestSeen s_get = new("GET", "/a");

    public static SmugglingCase[] All { get; } =
    [
        Line("line, ordinary", "GET {i}/a HTTP/1.1", s_get),
        Line("line, empty line before", "\r\nGET {i}/a HTTP/1.1", s_get),
        Line("line, two blanks", "GET  {i}/a HTTP/1.1"),
        Line("line, blank before", " GET {i}/a HTTP/1.1"),
        Line("line, tab", "GET\t{i}/a HTTP/1.1"),
        Line("line, blank behind", "GET {i}/a HTTP/1.1 "),
        Line("line, no version", "GET {i}/a"),
        Line("line, version in small letters", "GET {i}/a http/1.1") with { Refusal = 505 },
        Line("line, bare CR", "GET {i}/a HTTP/1.1\rX: 1"),
        Line("line, HTTP/1.2", "GET {i}/a HTTP/1.2") with { Refusal = 505 },
        Line("line, HTTP/2.0", "GET {i}/a HTTP/2.0") with { Refusal = 505 },
        Line("line, HTTP/1.10", "GET {i}/a HTTP/1.10"),
        Line("line, method is no token", "G(T {i}/a HTTP/1.1"),
        Line("line, method with NUL", "GET\0 {i}/a HTTP/1.1"),
        Line("target, blank within", "GET {i}/a b HTTP/1.1"),
        Line("target, a second request", "GET {i}/a HTTP/1.1 {i}/b HTTP/1.1"),
        Line("target, NUL", "GET {i}/a\0 HTTP/1.1"),
        Line("target, DEL", "GET {i}/a\u007f HTTP/1.1"),
        Line("target, bytes beyond ASCII", "GET {i}/caf\u00e9 HTTP/1.1"),
        Line("target, fragment", "GET {i}/a#b HTTP/1.1"),
        Line("target, dots", "GET {i}/b/../a HTTP/1.1", new RequestSeen("GET", "/b/../a")),
        Line("target, encoded dots", "GET {i}/b/%2e%2e%2fa HTTP/1.1", new RequestSeen("GET", "/b/%2e%2e%2fa")),
        Line("target, encoded end of line", "GET {i}/a%0d%0aX:1 HTTP/1.1", new RequestSeen("GET", "/a%0d%0aX:1")),
        Line("target, encoded NUL", "GET {i}/a%00 HTTP/1.1"),
        Line("target, two slashes", "GET {i}//a?b HTTP/1.1", new RequestSeen("GET", "//a?b")),
        Line("target, of two words", "GET {h} HTTP/1.1") with { Refusal = 405 },
        Line("target, an authority", "GET {h}:80 HTTP/1.1") with { Refusal = 405 },
        Line("target, asterisk", "GET * HTTP/1.1") with { Refusal = 405 },
        Line("target, empty", "GET  HTTP/1.1"),
        Line("target, another scheme", "GET ftp://{h}{i}/a HTTP/1.1"),
        Line("target, absolute without a host", "GET http://{i}/a HTTP/1.1"),
        Line("target, absolute with a blank", "GET http://{h}{i}/a b HTTP/1.1"),
        Line("absolute, as Host", "GET http://{h}{i}/a HTTP/1.1", s_get),
        new("absolute, not as Host", "GET http://{h}{i}/a HTTP/1.1\r\nHost: evil\r\n\r\n", s_get),
        new("absolute, not as Host, with a body", "POST http://{h}{i}/a HTTP/1.1\r\nHost: evil\r\nContent-Length: 5\r\n\r\nhello", new RequestSeen("POST", "/a", "hello")),
        new("absolute, without Host", "GET http://{h}{i}/a HTTP/1.1\r\n\r\n"),
        new("absolute, two hosts", "GET http://{h}{i}/a HTTP/1.1\r\nHost: {h}\r\nHost: evil\r\n\r\n"),
        new("host, none", "GET {i}/a HTTP/1.1\r\n\r\n"),
        new("host, twice the same", "GET {i}/a HTTP/1.1\r\nHost: {h}\r\nHost: {h}\r\n\r\n"),
        new("host, two", "GET {i}/a HTTP/1.1\r\nHost: {h}\r\nHost: evil\r\n\r\n"),
        new("host, two, the other way round", "GET {i}/a HTTP/1.1\r\nHost: evil\r\nHost: {h}\r\n\r\n"),
        Host("host, capitals", "host: {h}", s_get),
        Host("host, blanks around", "Host: \t {h} ", s_get),
        Host("host, list", "Host: {h}, evil"),
        Host("host, blank within", "Host: {h} evil"),
        Host("host, path", "Host: {h}/evil"),
        Host("host, user", "Host: {h}@evil"),
        Host("host, user and port", "Host: {h}:80@evil"),
        Host("host, query", "Host: {h}?evil"),
        Host("host, fragment", "Host: {h}#evil"),
        Host("host, backslash", "Host: {h}\\evil"),
        Host("host, port of letters", "Host: {h}:x"),
        Host("host, two ports", "Host: {h}:80:80"),
        Host("host, port too large", "Host: {h}:99999"),
        Host("host, open bracket", "Host: [::1"),
        Host("host, NUL", "Host: {h}\0"),
        Host("host, vertical tab", "Host: {h}\v"),
        Host("host, bytes beyond ASCII", "Host: {h}\u00e9"),
        Host("host, empty", "Host:"),
        Host("host, blank before the colon", "Host : {h}"),
        Host("host, folded", "Host:\r\n {h}"),
        Host("host, folded with another", "Host: {h}\r\n evil"),
        Host("host, behind a bare LF", "X: 1\nHost: {h}"),
        new SmugglingCase("connect", "CONNECT {h}:80 HTTP/1.1\r\nHost: {h}:80\r\n\r\n") with { Refusal = 405 },
    ];

    private static SmugglingCase Line(string name, string line, params RequestSeen[] seen) => new(name, $"{line}\r\nHost: {{h}}\r\n\r\n", seen);

    private static SmugglingCase Host(string name, string header, params RequestSeen[] seen) => new(name, $"GET {{i}}/a HTTP/1.1\r\n{header}\r\n\r\n", seen);
}
