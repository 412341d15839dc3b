using System.Collections;
using Microsoft.Extensions.Configuration;

namespace Mesh.Agent.Options;

/// <summary>Where the configuration comes from: a JSON file, and over it the environment, with <c>__</c> for each <c>:</c>, as in <c>Mesh__Local__Service</c>.</summary>
internal static class AgentFile
{
    // Other variables of the environment must not look like configuration, nor configure the web server behind the agent's back.
    private static readonly string[] s_prefixes = ["Agent__", "Mesh__", "Logging__", "services__"];

    /// <summary>Adds both.</summary>
    /// <param name="configuration">To which.</param>
    /// <param name="file">The file; <see langword="null"/> for the environment alone.</param>
    /// <param name="environment">The variables of the environment.</param>
    /// <param name="check">Says what is wrong with a configuration, before a change of the file counts; <see langword="null"/> where the file is not followed.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no JSON.</exception>
    public static void Add(IConfigurationBuilder configuration, string? file, IDictionary environment, Func<IConfigurationRoot, IReadOnlyList<string>>? check = null)
    {
        if (file is not null)
        {
            configuration.Add(new AgentFileSource(Path.GetFullPath(file), environment, check));
        }

        configuration.AddInMemoryCollection(Variables(environment));
    }

    /// <summary>The variables that are keys of the configuration.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Variables(IDictionary environment)
    {
        foreach (DictionaryEntry variable in environment)
        {
            if (variable.Key is string name && Array.Exists(s_prefixes, p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase)))
            {
                yield return new(name.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal), (string?)variable.Value);
            }
        }
    }
}
