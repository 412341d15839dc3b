namespace Mesh.Client.Consul.Discovery;

/// <summary>
/// The index of a blocking query, by the rules of Consul's documentation ("Blocking Queries", Implementation Details). An index that goes back means that Consul lost
/// its data, or that a server answered which lags behind: the leader is asked before it is believed.
/// </summary>
internal sealed class BlockingIndex
{
    private ulong _highest;

    /// <summary>How often the registry began to count anew.</summary>
    public int Restarts { get; private set; }

    /// <summary>The index to ask with; 0 asks for the state as it is, without waiting.</summary>
    public ulong Next { get; private set; }

    /// <summary>Whether the leader must answer the next question.</summary>
    public bool AskLeader { get; private set; }

    /// <summary>The mark of the state that was taken last. It is a number only until the registry begins to count anew, so that nothing takes a new state for an old one.</summary>
    public string Revision => Restarts == 0 ? $"{_highest}" : $"{Restarts}/{_highest}";

    /// <summary>Takes the index of an answer.</summary>
    /// <param name="index">The index, not 0.</param>
    /// <param name="fromLeader">Whether the answer is the leader's own.</param>
    /// <returns>Whether the answer may be used.</returns>
    public bool Take(ulong index, bool fromLeader)
    {
        if (index < _highest)
        {
            Next = 0;
            AskLeader = !fromLeader;
            if (AskLeader)
            {
                return false;
            }

            Restarts++;
        }

        AskLeader = false;
        _highest = index;
        Next = index;
        return true;
    }

    /// <summary>Asks for the state as it is next: after a failure an answer is wanted at once, not at the next change.</summary>
    public void Forget() => Next = 0;
}
