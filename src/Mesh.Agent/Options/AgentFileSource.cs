using System.Collections;
using Microsoft.Extensions.Configuration;

namespace Mesh.Agent.Options;

/// <summary>A JSON file as a source of configuration, of which nothing counts that is not valid.</summary>
/// <param name="path">The whole path of the file.</param>
/// <param name="environment">The variables of the environment, which count more.</param>
/// <param name="check">Says what is wrong with a configuration; <see langword="null"/> where the file is read once and not followed.</param>
internal sealed class AgentFileSource(string path, IDictionary environment, Func<IConfigurationRoot, IReadOnlyList<string>>? check) : IConfigurationSource
{
    public string Path => path;

    public IConfigurationProvider Build(IConfigurationBuilder builder) => new AgentFileProvider(this);

    /// <summary>Whether the file is followed when it changes.</summary>
    public bool IsFollowed => check is not null;

    /// <summary>Reads the file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no JSON, or not what configuration can be.</exception>
    public IDictionary<string, string?> Read()
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return Flat(new ConfigurationBuilder().AddJsonStream(stream).Build());
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException or System.Text.Json.JsonException)
        {
            throw new InvalidDataException($"{path} is no JSON that can be read. {Causes(error)}", error);
        }
    }

    /// <summary>What is wrong with what was read, beneath the environment.</summary>
    public IReadOnlyList<string> Check(IDictionary<string, string?> data) =>
        check!(new ConfigurationBuilder().AddInMemoryCollection(data).AddInMemoryCollection(AgentFile.Variables(environment)).Build());

    // Empty lists and sections are leaves too.
    private static Dictionary<string, string?> Flat(IConfiguration configuration) => configuration.AsEnumerable()
        .Where(pair => pair.Value is not null || !configuration.GetSection(pair.Key).GetChildren().Any())
        .ToDictionary(static pair => pair.Key, static pair => pair.Value, StringComparer.OrdinalIgnoreCase);

    // The inner ones say where in the file.
    private static string Causes(Exception error)
    {
        List<string> lines = [];
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            lines.Add(cause.Message);
        }

        return string.Join(' ', lines);
    }
}
