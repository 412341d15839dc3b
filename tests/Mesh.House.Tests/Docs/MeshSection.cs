using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.House.Tests.Docs;

/// <summary>A JSON block of a page that shows the section <c>Mesh</c>.</summary>
internal static class MeshSection
{
    private const string Key = "Mesh";

    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip };

    /// <summary>What is wrong with a block, or nothing; a block without the section is parsed and no more.</summary>
    public static string? Fault(DocBlock block)
    {
        // A page may show the section without the braces around it.
        string text = block.Text.TrimStart().StartsWith('"') ? $"{{{block.Text}\n}}" : block.Text;
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, WithComments);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(Key, out _) && Read(text) is { } fault
                ? $"{block.Page}({block.Line}): {fault}"
                : null;
        }
        catch (JsonException error)
        {
            return $"{block.Page}({block.Line + (error.LineNumber ?? 0)}): {error.Message}";
        }
    }

    // What the engine refuses at its start, a page must not show.
    private static string? Read(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        IConfigurationSection section = new ConfigurationBuilder().AddJsonStream(stream).Build().GetSection(Key);
        if (!section.GetChildren().Any())
        {
            return "the section Mesh is empty";
        }

        try
        {
            var services = new ServiceCollection();
            services.AddMesh(section, mesh =>
            {
                mesh.AddConsul().AddRedisQuota();
                if (section.GetSection("Registration").Exists())
                {
                    mesh.AddRegistration();
                }
            }).AddHttpClient("reader");
            using ServiceProvider provider = services.BuildServiceProvider();
            provider.GetRequiredService<IHttpClientFactory>().CreateClient("reader");
            return null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return error.Message;
        }
    }
}
