using System.Text.Json.Serialization;
using Mesh.Agent.Admin.Registrations;
using Mesh.Agent.Admin.Services;

namespace Mesh.Agent.Admin;

/// <summary>How the answers of the admin listener are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RegistrationAnswer))]
[JsonSerializable(typeof(ItemsAnswer<RegistrationAnswer>))]
[JsonSerializable(typeof(ItemsAnswer<ServiceItem>))]
[JsonSerializable(typeof(EndpointsAnswer))]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(KeptRegistration[]))]
internal sealed partial class AgentJson : JsonSerializerContext;
