namespace Mesh.Client.Pipeline.Bodies;

/// <summary>How a response's body ended.</summary>
internal enum BodyEnd
{
    /// <summary>All of it came.</summary>
    Whole,

    /// <summary>It broke off, on one side or the other.</summary>
    Broken,

    /// <summary>The caller wanted no more of it.</summary>
    Abandoned,
}
