using Mesh.Client.Matching;

namespace Mesh.Client.Model;

/// <summary>How a path is changed.</summary>
/// <param name="Kind">Which part of it.</param>
/// <param name="Text">What stands there afterwards; for a pattern in the form of .NET's replacements.</param>
/// <param name="Matched">For a beginning: what it replaces.</param>
/// <param name="Pattern">For a pattern: what it replaces.</param>
internal sealed record PathRewrite(PathRewriteKind Kind, string Text, string Matched = "", SafePattern? Pattern = null);
