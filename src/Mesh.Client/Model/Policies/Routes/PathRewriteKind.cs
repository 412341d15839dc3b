namespace Mesh.Client.Model;

/// <summary>Which part of a path is rewritten.</summary>
internal enum PathRewriteKind
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>The beginning that the route matched.</summary>
    Prefix,

    /// <summary>Each match of a pattern.</summary>
    Pattern,
}
