namespace Mesh.Client.Retries;

/// <summary>A call whose first attempt asked for another one.</summary>
internal interface IRetryCall
{
    /// <summary>The reply to the first attempt.</summary>
    AttemptReply First { get; }

    /// <summary>Sends the next attempt. Failures are returned, not thrown.</summary>
    ValueTask<AttemptReply> SendAgainAsync(CancellationToken cancellationToken);

    /// <summary>Whether the reply asks for another attempt and one is allowed; takes it out of the budget, and lets go of the reply.</summary>
    bool TryPrepareRetry(in AttemptReply reply);

    /// <summary>How long to wait before it.</summary>
    TimeSpan Delay { get; }
}
