namespace Mesh.Client.Retries;

/// <summary>A call whose first attempt took so long that another one is to be sent beside it.</summary>
internal interface IHedgeCall
{
    /// <summary>How long to wait, from the newest attempt on, before a further one; below zero until one of them ends.</summary>
    TimeSpan Delay { get; }

    /// <summary>Waits for the first attempt. Failures are returned, not thrown.</summary>
    /// <param name="lost">Cancelled when another attempt has won or the caller gave up; then it returns at once.</param>
    ValueTask<HedgeReply> FirstAsync(CancellationToken lost);

    /// <summary>Begins another attempt, if one is allowed.</summary>
    /// <param name="lost">As for the first.</param>
    /// <returns>Sends it; <see langword="null"/> where none is allowed any more.</returns>
    Func<ValueTask<HedgeReply>>? TryBegin(CancellationToken lost);

    /// <summary>Whether the reply is one to wait for a better one after.</summary>
    bool IsPoor(in AttemptReply reply);
}
