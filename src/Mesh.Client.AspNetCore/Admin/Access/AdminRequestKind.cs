namespace Mesh.Client.AspNetCore.Admin.Access;

/// <summary>What a request asks for.</summary>
internal enum AdminRequestKind
{
    /// <summary>The dashboard's own files, which say nothing of the mesh: a link on another page may lead there.</summary>
    Page,

    /// <summary>What the mesh knows.</summary>
    Read,

    /// <summary>A change.</summary>
    Change,
}
