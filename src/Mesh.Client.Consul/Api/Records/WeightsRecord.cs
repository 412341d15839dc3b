namespace Mesh.Client.Consul.Api.Records;

/// <summary>The weights of an instance while its checks pass, and while one of them warns.</summary>
internal sealed record WeightsRecord(int Passing, int Warning);
