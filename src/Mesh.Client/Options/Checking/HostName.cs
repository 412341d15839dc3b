using System.Net;

namespace Mesh.Client.Options.Checking;

/// <summary>What may be a host, and what may be the name of a service.</summary>
internal static class HostName
{
    private const string Suffix = ".mesh";

    /// <summary>What is wrong with the name of a service and the remedy; <see langword="null"/> where nothing is.</summary>
    public static string? ServiceProblem(string name)
    {
        if (string.Equals(name, "localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(name, out _))
        {
            return "is never a service of the mesh; name the service, and write this address under its Endpoints";
        }

        if (!IsValid(name))
        {
            return "is not a host name, as the name of a service must be; use letters, digits, '-', '_' and '.', such as \"orders\"";
        }

        return name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase)
            ? $"must be written without \"{Suffix}\": \"{name[..^Suffix.Length]}\" answers to both"
            : null;
    }

    /// <summary>Whether it is a host name of ASCII letters, digits, hyphens and underscores, which are common among containers.</summary>
    public static bool IsValid(string name)
    {
        if (name.Length is 0 or > 253)
        {
            return false;
        }

        foreach (Range part in name.AsSpan().Split('.'))
        {
            ReadOnlySpan<char> label = name.AsSpan(part);
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }

            foreach (char c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not '-' and not '_')
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Whether the last part is a number: a mistyped IPv4 address, since no top-level domain is one.</summary>
    public static bool EndsInNumber(string name) => name[(name.LastIndexOf('.') + 1)..].All(char.IsAsciiDigit);
}
