using System.Security.Cryptography;
using System.Text;

namespace Mesh.Client.Discovery.Cache;

/// <summary>
/// The name of a service's file: what of its name every file system takes, for people, and a hash of all of it, so that no two services share a
/// file and no name leads out of the folder: <c>orders-3f1c….json</c>.
/// </summary>
internal static class CacheFileName
{
    private const string Extension = ".json";
    private const string TemporaryExtension = ".tmp";
    private const int MaxReadable = 64;
    private const int HashDigits = 16;

    public static string Of(string service) =>
        $"{Safe(service)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(service)))[..HashDigits]}{Extension}";

    /// <summary>The name of a file that is being written and will become the other; unlike that of any other process or thread.</summary>
    public static string Temporary(string name, Random random) => $"{name}.{Environment.ProcessId:x}-{random.NextInt64():x}{TemporaryExtension}";

    /// <summary>Whether a file is one of ours. A folder may hold others, which are left alone.</summary>
    public static bool IsOurs(string name)
    {
        int end = name.IndexOf(Extension, StringComparison.Ordinal);
        return end > HashDigits && name[end - HashDigits - 1] == '-' && name[(end - HashDigits)..end].All(char.IsAsciiHexDigitLower)
            && (end + Extension.Length == name.Length || IsTemporary(name));
    }

    /// <summary>Whether one of our files was being written.</summary>
    public static bool IsTemporary(string name) => name.EndsWith(TemporaryExtension, StringComparison.Ordinal);

    /// <summary>Letters, digits, hyphens and underscores; no dots, since to Windows <c>con.x</c> is a device.</summary>
    public static string Safe(string name) =>
        string.Concat(name.Take(MaxReadable).Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? char.ToLowerInvariant(c) : '_'));
}
