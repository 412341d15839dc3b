namespace Mesh.Client.Model;

/// <summary>One rule of who may call. The first rule that matches decides.</summary>
/// <param name="Name">What logs call it.</param>
/// <param name="Allows">Whether it lets requests in; otherwise it keeps them out.</param>
/// <param name="Match">The requests it is for.</param>
/// <param name="DryRun">Whether it only logs what it would have done.</param>
internal sealed record AccessRule(string Name, bool Allows, AccessMatch Match, bool DryRun);
