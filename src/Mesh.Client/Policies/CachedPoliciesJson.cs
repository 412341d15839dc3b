using System.Text.Json.Serialization;

namespace Mesh.Client.Policies;

/// <summary>Source-generated JSON of the kept documents.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CachedPolicies))]
internal sealed partial class CachedPoliciesJson : JsonSerializerContext;
