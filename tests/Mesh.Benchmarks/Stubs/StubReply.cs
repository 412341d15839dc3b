namespace Mesh.Benchmarks.Stubs;

/// <summary>What the stub's reply says of its length.</summary>
internal enum StubReply
{
    /// <summary>A content length, small: the verdict falls at the headers.</summary>
    Short,

    /// <summary>No content length, as with chunks: the body must be tracked.</summary>
    Chunked,
}
