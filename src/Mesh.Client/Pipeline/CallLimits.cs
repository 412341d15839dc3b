using Mesh.Client.Model;

namespace Mesh.Client.Pipeline;

/// <summary>The times of one call, from the policy and the client together. Until the response headers, all of them.</summary>
/// <param name="Timeout">For all attempts; zero is no limit.</param>
/// <param name="AttemptTimeout">For one attempt; zero is no limit.</param>
/// <param name="Deadline">The timestamp at which <paramref name="Timeout"/> is over; <see cref="long.MaxValue"/> where there is no limit.</param>
/// <param name="IsInherited">Whether that is the deadline of the request being served, and <paramref name="Timeout"/> what was left of it.</param>
internal readonly record struct CallLimits(TimeSpan Timeout, TimeSpan AttemptTimeout, long Deadline, bool IsInherited = false)
{
    /// <summary>Works them out for a call that began at a timestamp.</summary>
    public static CallLimits Of(ServicePolicy policy, CallerContext caller, long started, long ticksPerSecond)
    {
        TimeSpan timeout = caller.Timeout ?? policy.Timeout;
        long deadline = timeout > TimeSpan.Zero ? started + (long)(timeout.TotalSeconds * ticksPerSecond) : long.MaxValue;
        bool isInherited = false;
        if (caller.Before is { } before && before.Deadline < deadline)
        {
            (timeout, deadline, isInherited) = (before.Timeout, before.Deadline, before.IsInherited);
        }

        if (caller.InheritedDeadline is { } inherited && inherited < deadline)
        {
            (timeout, deadline, isInherited) = (TimeSpan.FromSeconds((double)(inherited - started) / ticksPerSecond), inherited, true);
        }

        return new CallLimits(timeout, caller.AttemptTimeout ?? policy.AttemptTimeout, deadline, isInherited);
    }

    /// <summary>What the first attempt may take; zero is no limit. For nearly every call that needs no arithmetic.</summary>
    public static TimeSpan ForFirst(ServicePolicy policy, CallerContext caller, long started, long ticksPerSecond)
    {
        if (caller.Before is not null || caller.InheritedDeadline is not null)
        {
            return Of(policy, caller, started, ticksPerSecond).ForAttempt(started, ticksPerSecond, out _);
        }

        TimeSpan timeout = caller.Timeout ?? policy.Timeout;
        TimeSpan attempt = caller.AttemptTimeout ?? policy.AttemptTimeout;
        return timeout <= TimeSpan.Zero || (attempt > TimeSpan.Zero && attempt <= timeout) ? attempt : timeout;
    }

    /// <summary>Whether the time for all attempts will have passed by a timestamp.</summary>
    public bool IsOver(long timestamp) => timestamp >= Deadline && Deadline != long.MaxValue;

    /// <summary>The time until the deadline; <see langword="null"/> where there is none.</summary>
    public TimeSpan? Left(long now, long ticksPerSecond) => Deadline == long.MaxValue ? null : TimeSpan.FromSeconds((double)(Deadline - now) / ticksPerSecond);

    /// <summary>What the next attempt may take; zero is no limit.</summary>
    /// <param name="now">The timestamp.</param>
    /// <param name="ticksPerSecond">The clock's frequency.</param>
    /// <param name="isFull">Whether that is the full attempt timeout, so that its passing is the endpoint's fault.</param>
    public TimeSpan ForAttempt(long now, long ticksPerSecond, out bool isFull)
    {
        isFull = true;
        if (Deadline == long.MaxValue)
        {
            return AttemptTimeout;
        }

        TimeSpan left = TimeSpan.FromSeconds((double)(Deadline - now) / ticksPerSecond);
        if (AttemptTimeout > TimeSpan.Zero && AttemptTimeout <= left)
        {
            return AttemptTimeout;
        }

        isFull = false;
        return left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1);
    }
}
