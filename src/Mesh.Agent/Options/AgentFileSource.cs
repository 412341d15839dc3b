using System.Collections;
using System.Text.Json;
using System.Text.Unicode;
using Mesh.Client.Options.Documents;
using Microsoft.Extensions.Configuration;

namespace Mesh.Agent.Options;

/// <summary>A JSON file as a source of configuration, of which nothing counts that is not valid.</summary>
/// <param name="path">The whole path of the file.</param>
/// <param name="environment">The variables of the environment, which count more.</param>
/// <param name="check">Says what is wrong with a configuration; <see langword="null"/> where the file is read once and not followed.</param>
internal sealed class AgentFileSource(string path, IDictionary environment, Func<IConfigurationRoot, IReadOnlyList<string>>? check) : IConfigurationSource
{
    /// <summary>The most bytes of a file: more than its readers take of what stands in it, and little enough to be read and compared each second.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    // What that many bytes with sound names come to is less.
    private const long MaxKeys = 4L * MaxBytes;

    private const int Piece = 16 * 1024;

    public IConfigurationProvider Build(IConfigurationBuilder builder) => new AgentFileProvider(this);

    /// <summary>Whether the file is followed when it changes.</summary>
    public bool IsFollowed => check is not null;

    /// <summary>Reads the file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="InvalidDataException">It is a folder, or too long.</exception>
    public byte[] Read()
    {
        if (Directory.Exists(path))
        {
            throw new InvalidDataException($"{path} is a folder. Name the file in it.");
        }

        // Not by its length, which what is no ordinary file does not have.
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        using var content = new MemoryStream();
        byte[] piece = new byte[Piece];
        for (int read = stream.Read(piece); read > 0; read = stream.Read(piece))
        {
            content.Write(piece, 0, read);
            if (content.Length > MaxBytes)
            {
                throw new InvalidDataException($"{path} is longer than {MaxBytes / (1024 * 1024)} MiB, which no configuration is. Name the file with the sections \"Mesh\" and \"Agent\".");
            }
        }

        return content.ToArray();
    }

    /// <summary>Reads what the file has in it.</summary>
    /// <exception cref="InvalidDataException">It is no JSON, or not what configuration can be.</exception>
    public IDictionary<string, string?> Parse(byte[] content)
    {
        if (!Utf8.IsValid(content))
        {
            throw new InvalidDataException($"{path} is no UTF-8. Save it in that encoding.");
        }

        try
        {
            return DocumentJson.Read(content, MaxKeys);
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            throw new InvalidDataException($"{path} is no JSON that can be read. {Causes(error)}", error);
        }
    }

    /// <summary>What is wrong with what was read, beneath the environment.</summary>
    public IReadOnlyList<string> Check(IDictionary<string, string?> data) =>
        check!(new ConfigurationBuilder().AddInMemoryCollection(data).AddInMemoryCollection(AgentFile.Variables(environment)).Build());

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
