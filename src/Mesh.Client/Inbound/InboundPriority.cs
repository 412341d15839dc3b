namespace Mesh.Client.Inbound;

/// <summary>How much a request matters where not all can be served. The most important first.</summary>
internal enum InboundPriority
{
    /// <summary><c>critical</c>: refused last.</summary>
    Critical,

    /// <summary><c>default</c>, and what says nothing or nothing known.</summary>
    Default,

    /// <summary><c>sheddable</c>: refused first.</summary>
    Sheddable,
}
