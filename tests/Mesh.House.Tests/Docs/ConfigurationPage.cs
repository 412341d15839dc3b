using System.Reflection;
using System.Text.RegularExpressions;
using Mesh.House.Tests.Options;

namespace Mesh.House.Tests.Docs;

/// <summary>Compares the tables of docs/configuration.md with the options: under the heading of each type, a row for each key and the right words in it.</summary>
internal static partial class ConfigurationPage
{
    /// <summary>What is wrong with the tables, or nothing.</summary>
    /// <param name="page">The text of the page.</param>
    /// <param name="types">The options types.</param>
    public static IEnumerable<string> Faults(string page, IEnumerable<Type> types)
    {
        Dictionary<string, Dictionary<string, (string Default, string Range)>> tables = Tables(page);
        foreach (Type type in types)
        {
            string heading = type.Name switch
            {
                "MeshOptions" => "Mesh",
                "ServiceOptions" => "Defaults",
                "EndpointOptions" => "Endpoints",
                "RegistrationCheckOptions" => "Check",
                _ => type.Name[..^"Options".Length],
            };
            if (!tables.TryGetValue(heading, out Dictionary<string, (string Default, string Range)>? rows))
            {
                yield return $"{type.Name}: no table under a heading with `{heading}`";
                continue;
            }

            object options = Activator.CreateInstance(type)!;
            PropertyInfo[] keys = [.. type.GetProperties().Where(static p => !typeof(Delegate).IsAssignableFrom(p.PropertyType) || IsSection(p.PropertyType))];
            foreach (PropertyInfo key in keys.Where(k => !rows.ContainsKey(k.Name) && !tables.ContainsKey(k.Name)))
            {
                yield return $"{type.Name}.{key.Name}: no row under `{heading}`";
            }

            foreach ((string name, (string @default, string range)) in rows)
            {
                PropertyInfo? key = Array.Find(keys, k => k.Name == name);
                string words = $"Default {@default}{(range.Length > 0 ? $"; {range}" : "")}.";
                if (key is null)
                {
                    yield return $"`{heading}`: the row `{name}` is no key of {type.Name}";
                }
                else if (@default.Length == 0 && key.GetValue(options) is null)
                {
                    // What counts where it is left out, the row says in words.
                    continue;
                }
                else if (OptionValue.Fault(key, key.GetValue(options), @default.Length > 0 && !@default.Contains(',') ? words : null) is { } fault)
                {
                    yield return fault.Replace("<value>", "table");
                }
            }
        }
    }

    // Code in one, keys in the other.
    private static bool IsSection(Type code) => code.GenericTypeArguments is [{ Namespace: "Mesh.Client.Options" } options] && options.Name.EndsWith("Options", StringComparison.Ordinal);

    private static Dictionary<string, Dictionary<string, (string Default, string Range)>> Tables(string page)
    {
        var tables = new Dictionary<string, Dictionary<string, (string, string)>>();
        string heading = "";
        foreach (string line in page.Split('\n'))
        {
            if (line.StartsWith('#'))
            {
                heading = Quoted().Match(line) is { Success: true } quoted ? quoted.Groups[1].Value : "";
            }
            else if (Row().Match(line) is { Success: true } row && heading.Length > 0)
            {
                if (!tables.TryGetValue(heading, out Dictionary<string, (string, string)>? table))
                {
                    tables[heading] = table = [];
                }

                foreach (Match key in Quoted().Matches(row.Groups["keys"].Value))
                {
                    table[key.Groups[1].Value] = (row.Groups["default"].Value.Trim(), row.Groups["range"].Value.Trim());
                }
            }
        }

        return tables;
    }

    [GeneratedRegex("`([A-Za-z]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\| (?<keys>`[^|]+`) \|(?<default>[^|]*)\|(?<range>[^|]*)\|")]
    private static partial Regex Row();
}
