namespace Mesh.Agent.Admin.Registrations;

/// <summary>A registration on disk.</summary>
/// <param name="Id">The id of the instance.</param>
/// <param name="Body">What the program said of itself.</param>
internal sealed record KeptRegistration(string Id, string Body);
