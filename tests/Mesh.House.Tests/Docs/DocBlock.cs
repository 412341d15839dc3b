namespace Mesh.House.Tests.Docs;

/// <summary>One fenced block of a page.</summary>
/// <param name="Page">The page from the root.</param>
/// <param name="Line">The line of its first line of text, from 1.</param>
/// <param name="Language">The first word of the info string, in lower case.</param>
/// <param name="Text">The text without the indentation of the fence.</param>
internal sealed record DocBlock(string Page, int Line, string Language, string Text)
{
    public bool IsCSharp => Language is "csharp" or "cs" or "c#";

    public bool IsJson => Language is "json" or "jsonc";
}
