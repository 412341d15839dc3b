namespace Mesh.Client.Nodes;

/// <summary>How sure it is that an endpoint is one of its service.</summary>
internal enum NodeListing : byte
{
    /// <summary>A source lists it.</summary>
    Listed,

    /// <summary>An earlier process knew it, and no source has said anything yet.</summary>
    Unconfirmed,

    /// <summary>No source lists it any more: it stays until it fails.</summary>
    Unlisted,
}
