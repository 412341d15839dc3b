namespace Mesh.House.Tests.Files;

/// <summary>Files that may break a rule of the house, each with the reason.</summary>
internal static class FileExceptions
{
    /// <summary>Files of more than 300 lines.</summary>
    public static IReadOnlyDictionary<string, string> Long { get; } = new Dictionary<string, string>();

    /// <summary>Files with more or less than one type, with a type of another name, or with a nested type that is not private.</summary>
    public static IReadOnlyDictionary<string, string> Types { get; } = new Dictionary<string, string>();
}
