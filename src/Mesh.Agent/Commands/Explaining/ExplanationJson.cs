using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mesh.Client.AspNetCore.Admin.Answers;

namespace Mesh.Agent.Commands.Explaining;

/// <summary>How an explanation is written for programs: as <c>/mesh/api/explain</c> does, on more lines.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExplanationAnswer))]
internal sealed partial class ExplanationJson : JsonSerializerContext
{
    /// <summary>As a person reads it too: no page of the web will show it.</summary>
    public static ExplanationJson Readable { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
