using Mesh.Client.Registration;

namespace Mesh.Client.AspNetCore.Lifecycle;

/// <summary>What is to be registered: an instance that is the same for as long as it lives, and says of itself what may change.</summary>
internal interface IInstancePlan
{
    string Id { get; }

    string Service { get; }

    /// <summary>Ends at the next change of what is wanted. Take it before asking.</summary>
    Task Changed { get; }

    /// <summary>Grows with each change, for whoever waits until one was seen to. Take it before asking.</summary>
    long Revision { get; }

    /// <summary>Why nothing is wanted, in words.</summary>
    string Unwanted { get; }

    /// <summary>What is wanted now; <see langword="null"/> where the instance is not to be registered.</summary>
    /// <param name="sinceRegistered">How long it has been registered; zero where it is not.</param>
    /// <param name="nextStep">When something else will be wanted, if nothing changes.</param>
    ServiceInstance? Wanted(TimeSpan sinceRegistered, out TimeSpan nextStep);
}
