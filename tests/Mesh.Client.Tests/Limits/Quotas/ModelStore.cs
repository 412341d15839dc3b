using Mesh.Client.Limits.Quotas;

namespace Mesh.Client.Tests.Limits.Quotas;

/// <summary>What take.lua does, in C#, on a clock that a test sets. A test against a real Redis compares the two.</summary>
internal sealed class ModelStore(Func<long> microseconds)
{
    private readonly Dictionary<string, Member> _members = [];
    private long? _id;
    private long _start;
    private long _before = -1;
    private long _granted;
    private long _reserved;
    private long _level;
    private long _spare;
    private int _count;

    /// <summary>Called with the id of each window as it begins.</summary>
    public Action<long>? WindowBegan { get; set; }

    public long Granted => _granted;

    /// <summary>FLUSHALL, or a fail-over to a replica that had nothing yet.</summary>
    public void Flush()
    {
        _id = null;
        _members.Clear();
    }

    public QuotaGrant Take(QuotaRequest request)
    {
        long permits = Math.Max(0, request.Permits);
        long window = request.Window.Ticks / 10;
        long now = microseconds();
        long wanted = Math.Clamp(request.Wanted, 0, permits);
        long demand = Math.Clamp(request.Demand, 0, permits);
        long returned = Math.Clamp(request.Returned, 0, permits);
        long spent = Math.Clamp(request.Spent, 0, permits);
        Enter(now, window, permits);

        bool newcomer = false;
        (long taken, long due, long share, long sequence) = (0, 0, 0, request.Sequence);
        Member? seen = _members.GetValueOrDefault(request.Process);
        if (seen is not null && seen.Id == _id)
        {
            (taken, due, share) = (seen.Taken, seen.Due, seen.Share);
            if (seen.Sequence >= sequence)
            {
                (wanted, returned, spent, sequence) = (0, 0, 0, seen.Sequence);
            }
        }
        else if (seen is not null && seen.Id == _before)
        {
            due = Math.Min(seen.Demand, _level);
            share = Math.Min(permits, due + _spare);
        }
        else
        {
            _count++;
            share = _before >= 0 ? permits / _count : 0;
            newcomer = true;
        }

        if (returned > 0 && request.WindowId == _id)
        {
            returned = Math.Min(returned, Math.Min(taken, _granted));
            _granted -= returned;
            taken -= returned;
        }

        if (spent > 0)
        {
            _granted = Math.Min(permits, _granted + spent);
            long kept = Math.Min(due, Math.Min(spent, _reserved));
            (due, _reserved) = (due - kept, _reserved - kept);
        }

        if (wanted == 0 && demand == 0)
        {
            _reserved = Math.Max(0, _reserved - due);
            due = 0;
        }

        double elapsed = Math.Min(1, (double)(now - _start) / window);
        long available = Math.Max(0, permits - _granted);
        long own = Math.Min(due, Math.Min(wanted, available));
        long held = (long)Math.Ceiling(Math.Max(0, _reserved - due) * (1 - elapsed));
        long grant = own + Math.Min(wanted - own, Math.Max(0, available - own - held));
        long used = Math.Min(due, Math.Min(grant, _reserved));
        (_granted, taken, due, _reserved) = (_granted + grant, taken + grant, due - used, _reserved - used);
        long left = Math.Clamp(_start + window - now, 1, window);
        double again = grant >= wanted ? 0
            : newcomer ? left / 2d
            : _granted >= permits ? (window > 10_000_000 ? Math.Min(left, window / 20d) : left)
            : Math.Min(left, window / 20d * Math.Max(1, _count / 10d));
        _members[request.Process] = new Member(_id!.Value, sequence, taken, demand, due, share);
        return new QuotaGrant(grant, Span(left)) { Processes = Math.Max(1, _count), FairShare = share, AskAgain = Span((long)Math.Ceiling(again)), WindowId = _id.Value };
    }

    private static TimeSpan Span(long microseconds) => TimeSpan.FromTicks(microseconds * 10);

    private void Enter(long now, long window, long permits)
    {
        if (_id is not null && now < _start)
        {
            _start = now;
        }

        if (_id is null || now >= _start + (2 * window))
        {
            _members.Clear();
            (_id, _start, _before) = (now, now, -1);
            (_granted, _reserved, _level, _spare, _count) = (0, 0, 0, 0, 0);
            WindowBegan?.Invoke(now);
        }
        else if (now >= _start + window)
        {
            Share(permits);
            (_before, _id, _start, _granted) = (_id.Value, Math.Max(now, _id.Value + 1), _start + window, 0);
            WindowBegan?.Invoke(_id.Value);
        }
    }

    private void Share(long permits)
    {
        foreach (string stale in _members.Where(m => m.Value.Id != _id).Select(static m => m.Key).ToArray())
        {
            _members.Remove(stale);
        }

        long[] demands = [.. _members.Values.Select(m => Math.Clamp(m.Demand, 0, permits)).Order()];
        long left = permits;
        _level = permits;
        for (int i = 0; i < demands.Length; i++)
        {
            long equal = left / (demands.Length - i);
            if (demands[i] > equal)
            {
                _level = equal;
                left -= equal * (demands.Length - i);
                break;
            }

            left -= demands[i];
        }

        (_count, _reserved, _spare) = (demands.Length, permits - left, demands.Length > 0 ? left / demands.Length : 0);
    }

    private sealed record Member(long Id, long Sequence, long Taken, long Demand, long Due, long Share);
}
