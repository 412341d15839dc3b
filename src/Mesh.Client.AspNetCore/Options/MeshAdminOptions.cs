namespace Mesh.Client.AspNetCore;

/// <summary>Who may use the admin API and the dashboard of <c>MapMesh</c>, and what for. In code only: who can change the configuration must not open them to others.</summary>
public sealed class MeshAdminOptions
{
    /// <summary>
    /// Whether callers on other machines are answered too, and not only those on this machine, over loopback or a Unix socket, by a name of this machine and not by way of a proxy. Put <c>RequireAuthorization()</c> on what <c>MapMesh</c> returns, then: nothing else keeps them away.
    /// </summary>
    /// <value>Default false.</value>
    public bool AllowRemote { get; set; }

    /// <summary>Whether nothing can be changed, only looked at.</summary>
    /// <value>Default false.</value>
    public bool ReadOnly { get; set; }

    /// <summary>Whether there is a dashboard beside the API.</summary>
    /// <value>Default true.</value>
    public bool Dashboard { get; set; } = true;
}
