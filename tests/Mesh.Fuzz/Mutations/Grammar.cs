namespace Mesh.Fuzz.Mutations;

/// <summary>What the input of a target is made of, and what it may cost.</summary>
internal sealed record Grammar
{
    /// <summary>Words that are put into inputs.</summary>
    public string[] Tokens { get; init; } = [];

    /// <summary>Whether it is JSON, which is also changed as a tree.</summary>
    public bool IsJson { get; init; }

    /// <summary>The longest input that makes sense; a header has fewer than a file.</summary>
    public int MaxLength { get; init; } = 16 * 1024;

    /// <summary>The bytes that a case may allocate, whatever its input is.</summary>
    public long BaseBytes { get; init; } = 256 * 1024;

    /// <summary>The bytes that it may allocate for each byte of its input.</summary>
    public int BytesForEach { get; init; } = 64;

    public long AllowedBytes(int length) => BaseBytes + ((long)BytesForEach * length);
}
