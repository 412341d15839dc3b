using Mesh.Simulation.Virtual;

namespace Mesh.Simulation.Network;

/// <summary>What answers at an address.</summary>
internal abstract class Site(World world, string host)
{
    public string Host => host;

    public VirtualClock Clock => world.Clock;

    /// <summary>Whether every request is answered with 503 at once.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Whether nothing answers at its address.</summary>
    public bool IsGone { get; set; }

    /// <summary>Requests that came.</summary>
    public long Arrived { get; private set; }

    /// <summary>A request came.</summary>
    public void Accept(Exchange request)
    {
        Arrived++;
        if (IsBroken)
        {
            request.Answer(503);
        }
        else
        {
            Serve(request);
        }
    }

    /// <summary>Sees to it that the request is answered.</summary>
    protected abstract void Serve(Exchange request);
}
