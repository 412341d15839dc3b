using System.Collections.Immutable;
using Mesh.Client.Options;

namespace Mesh.Client.Consul.Policies;

/// <summary>What Consul said last. After a loss of its data the documents that are missing are held for a grace: they are more likely lost than deleted.</summary>
internal sealed class PolicyMemory(TimeProvider clock)
{
    private ImmutableArray<PolicyDocument> _last = [];
    private ImmutableArray<PolicyDocument> _held = [];
    private long _heldSince;

    /// <summary>How long documents are still held; nothing where none are.</summary>
    public TimeSpan HeldFor(TimeSpan grace)
    {
        TimeSpan left = grace - clock.GetElapsedTime(_heldSince);
        return _held.IsEmpty ? TimeSpan.Zero : left > TimeSpan.FromMilliseconds(10) ? left : TimeSpan.FromMilliseconds(10);
    }

    /// <summary>What is missing as though it was deleted: the first document that was there before, or the whole folder, where nothing was ever seen of it.</summary>
    public string? FirstMissing(IReadOnlyCollection<PolicyDocument> present, string folder)
    {
        if (_last.IsEmpty)
        {
            return present.Count == 0 ? folder : null;
        }

        HashSet<string> keys = [.. present.Select(static d => d.Key)];
        return _last.FirstOrDefault(d => !keys.Contains(d.Key))?.Key;
    }

    /// <summary>Takes the documents that there are.</summary>
    /// <param name="present">The documents.</param>
    /// <param name="isNew">Whether Consul began to count anew, having lost its data.</param>
    /// <param name="grace">How long a document that is lost is held.</param>
    public PolicyDocuments Take(IReadOnlyCollection<PolicyDocument> present, bool isNew, TimeSpan grace)
    {
        if (isNew)
        {
            _held = _last;
            _heldSince = clock.GetTimestamp();
        }

        HashSet<string> keys = [.. present.Select(static d => d.Key)];
        _held = clock.GetElapsedTime(_heldSince) >= grace ? [] : [.. _held.Where(d => !keys.Contains(d.Key))];
        _last = [.. present, .. _held];
        return new PolicyDocuments(_last);
    }
}
