using System.Text.Json.Serialization;

namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>How the answers are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProcessAnswer))]
[JsonSerializable(typeof(ServiceAnswer))]
[JsonSerializable(typeof(ListAnswer<ServiceAnswer>))]
[JsonSerializable(typeof(ListAnswer<EventAnswer>))]
[JsonSerializable(typeof(ListAnswer<PolicyValueAnswer>))]
[JsonSerializable(typeof(ListAnswer<OverlayAnswer>))]
[JsonSerializable(typeof(SourcesAnswer))]
[JsonSerializable(typeof(ServerAnswer))]
[JsonSerializable(typeof(EventAnswer))]
[JsonSerializable(typeof(LiveAnswer))]
[JsonSerializable(typeof(EndpointAnswer))]
[JsonSerializable(typeof(ExplanationAnswer))]
[JsonSerializable(typeof(ProblemAnswer))]
[JsonSerializable(typeof(string))]
internal sealed partial class AdminJson : JsonSerializerContext;
