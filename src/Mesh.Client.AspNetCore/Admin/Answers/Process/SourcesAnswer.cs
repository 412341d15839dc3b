namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>Where endpoints and policies come from.</summary>
internal sealed record SourcesAnswer
{
    public ServiceSourceAnswer[] Endpoints { get; init; } = [];

    public PolicySourceAnswer[] Policies { get; init; } = [];
}
