namespace Mesh.IntegrationTests.Agent.Smuggling.Cases;

/// <summary>Where do chunks end (RFC 9112, 7.1)? The headers have gone on when a chunk turns out to be wrong: the server behind sees that the request does not come to its end.</summary>
internal static class ChunkCases
{
    private static readonly RequestSeen s_hello = new("POST", "/a", "hello");

    public static SmugglingCase[] All { get; } =
    [
        Chunked("chunks, several", "1\r\nh\r\n3\r\nell\r\n1\r\no\r\n0\r\n\r\n", s_hello),
        Chunked("chunks, capitals and zeros", "05\r\nhello\r\n00A\r\n0123456789\r\n0a\r\n0123456789\r\n000\r\n\r\n", new RequestSeen("POST", "/a", "hello01234567890123456789")),
        Chunked("chunks, none", "0\r\n\r\n", new RequestSeen("POST", "/a")),
        Chunked("extension, ordinary", "5;a=b\r\nhello\r\n0\r\n\r\n", s_hello),
        Chunked("extension, quoted", "5;a=\"b;c\"\r\nhello\r\n0;z\r\n\r\n", s_hello),
        Chunked("extension, a size within", "5;0\r\nhello\r\n0\r\n\r\n", s_hello),
        Chunked("extension, bare LF", "5;\nxx\r\nhello\r\n0\r\n\r\n"),
        Chunked("extension, bare LF and a request", "5;\nhello\r\n2c\r\n0\r\n\r\nGET {i}/smuggled HTTP/1.1\r\nHost: {h}\r\nX: \r\n0\r\n\r\n"),
        Chunked("extension, bare CR", "5;a\rb\r\nhello\r\n0\r\n\r\n"),
        Chunked("extension, bare LF at the last", "5\r\nhello\r\n0;\n\r\n\r\n"),
        Chunked("size, empty", "\r\nhello\r\n0\r\n\r\n"),
        Chunked("size, empty before an extension", ";a\r\nhello\r\n0\r\n\r\n"),
        Chunked("size, 0x", "0x5\r\nhello\r\n0\r\n\r\n"),
        Chunked("size, plus", "+5\r\nhello\r\n0\r\n\r\n"),
        Chunked("size, minus", "-5\r\nhello\r\n0\r\n\r\n"),
        Chunked("size, blank before", " 5\r\nhello\r\n0\r\n\r\n"),
        Chunked("size, letter behind", "5g\r\nhello\r\n0\r\n\r\n"),
        Chunked("size, NUL behind", "5\0\r\nhello\r\n0\r\n\r\n"),
        Chunked("size, underscore", "0_5\r\nhello\r\n0\r\n\r\n"),
        Chunked("size, beyond 32 bits", "100000005\r\nhello\r\n0\r\n\r\n"),
        Chunked("size, beyond 64 bits", "10000000000000005\r\nhello\r\n0\r\n\r\n"),
        Chunked("size, overlong", "00000000000000000005\r\nhello\r\n0\r\n\r\n"),
        Chunked("size, ends with bare LF", "5\nhello\r\n0\r\n\r\n"),
        Chunked("size, ends with bare CR", "5\rhello\r\n0\r\n\r\n"),
        Chunked("terminator, missing", "5\r\nhello0\r\n\r\n"),
        Chunked("terminator, other bytes", "5\r\nhelloXX0\r\n\r\n"),
        Chunked("terminator, bare LF", "5\r\nhello\n0\r\n\r\n"),
        Chunked("terminator, bare CR", "5\r\nhello\r0\r\n\r\n"),
        Chunked("terminator, LF CR", "5\r\nhello\n\r0\r\n\r\n"),
        Chunked("last, bare LF", "5\r\nhello\r\n0\n\r\n"),
        Chunked("last, ended by bare LF", "5\r\nhello\r\n0\r\n\n"),
        Chunked("trailer, ordinary", "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n", s_hello),
        Chunked("trailer, a length", "5\r\nhello\r\n0\r\nContent-Length: 100\r\n\r\n", s_hello),
        Chunked("trailer, a coding", "5\r\nhello\r\n0\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", s_hello),
        Chunked("trailer, another host", "5\r\nhello\r\n0\r\nHost: evil\r\n\r\n", s_hello),
        Chunked("trailer, who calls", "5\r\nhello\r\n0\r\nx-mesh-caller: admin\r\n\r\n", s_hello),
        Chunked("trailer, bare LF", "5\r\nhello\r\n0\r\nX: 1\nY: 2\r\n\r\n"),
        Chunked("trailer, bare CR", "5\r\nhello\r\n0\r\nX: 1\rY: 2\r\n\r\n"),
        Chunked("trailer, blank before the colon", "5\r\nhello\r\n0\r\nX : 1\r\n\r\n"),
        Chunked("trailer, folded", "5\r\nhello\r\n0\r\nX: 1\r\n 2\r\n\r\n"),
        Chunked("trailer, no colon", "5\r\nhello\r\n0\r\nX\r\n\r\n"),
        Chunked("trailer, a request", "5\r\nhello\r\n0\r\nGET {i}/smuggled HTTP/1.1\r\n\r\n"),
    ];

    private static SmugglingCase Chunked(string name, string body, params RequestSeen[] seen) => SmugglingCase.Post(name, "Transfer-Encoding: chunked\r\n", body, seen);
}
