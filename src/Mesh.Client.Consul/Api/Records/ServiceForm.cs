namespace Mesh.Client.Consul.Api.Records;

/// <summary>What <c>/v1/agent/service/register</c> takes.</summary>
internal sealed record ServiceForm(string ID, string Name, string Address, int Port, SortedDictionary<string, string> Meta, WeightsRecord Weights, CheckForm[] Checks);
