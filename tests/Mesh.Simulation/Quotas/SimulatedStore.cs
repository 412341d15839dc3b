using Mesh.Client.Limits.Quotas;
using Mesh.Simulation.Network;
using Mesh.Simulation.Virtual;

namespace Mesh.Simulation.Quotas;

/// <summary>
/// A store of one quota: what src/Mesh.Client.Redis/Scripts/take.lua does, line by line, on virtual time and behind a network. It stands in for Redis, whose clock nobody can move.
/// </summary>
internal sealed class SimulatedStore(World world, ServiceTimes latency, Random random) : IQuotaStore
{
    private readonly Dictionary<string, Member> _members = [];
    private long _id;
    private long _start = -1;
    private long _before = -1;
    private double _granted;
    private double _reserved;
    private double _level;
    private double _spare;
    private int _count;

    /// <summary>Trips so far.</summary>
    public long Trips { get; private set; }

    public async ValueTask<QuotaGrant> TakeAsync(QuotaRequest request, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromTicks((long)latency.Draw(random)), world.Clock, cancellationToken).ConfigureAwait(false);
        QuotaGrant grant = Take(request);
        await Task.Delay(TimeSpan.FromTicks((long)latency.Draw(random)), world.Clock, cancellationToken).ConfigureAwait(false);
        return grant;
    }

    private QuotaGrant Take(QuotaRequest request)
    {
        Trips++;
        long now = world.Clock.Now + 1;
        long window = request.Window.Ticks;
        double permits = request.Permits;
        if (_start < 0 || now >= _start + (2 * window))
        {
            _members.Clear();
            (_id, _start, _before, _granted, _reserved, _level, _spare, _count) = (now, now, -1, 0, 0, 0, 0, 0);
        }
        else if (now >= _start + window)
        {
            Turn(permits, now, window);
        }

        bool isNew = false;
        double taken = 0;
        double due = 0;
        double share;
        double wanted = Math.Min(request.Wanted, permits);
        double returned = request.Returned;
        double spent = request.Spent;
        long sequence = request.Sequence;
        Member? member = _members.GetValueOrDefault(request.Process);
        if (member?.Id == _id)
        {
            (taken, due, share) = (member.Taken, member.Due, member.Share);
            if (member.Sequence >= sequence)
            {
                (wanted, returned, spent, sequence) = (0, 0, 0, member.Sequence);
            }
        }
        else if (member is not null && member.Id == _before)
        {
            due = Math.Min(member.Needs, _level);
            share = Math.Min(permits, due + _spare);
        }
        else
        {
            _count++;
            share = _before >= 0 ? Math.Floor(permits / _count) : 0;
            isNew = true;
        }

        if (returned > 0 && request.WindowId == _id)
        {
            returned = Math.Min(returned, Math.Min(taken, _granted));
            (_granted, taken) = (_granted - returned, taken - returned);
        }

        if (spent > 0)
        {
            _granted = Math.Min(permits, _granted + spent);
            double used = Math.Min(due, Math.Min(spent, _reserved));
            (due, _reserved) = (due - used, _reserved - used);
        }

        if (wanted == 0 && request.Demand == 0)
        {
            _reserved = Math.Max(0, _reserved - due);
            due = 0;
        }

        double elapsed = Math.Min(1, (double)(now - _start) / window);
        double available = Math.Max(0, permits - _granted);
        double own = Math.Min(due, Math.Min(wanted, available));
        double held = Math.Ceiling(Math.Max(0, _reserved - due) * (1 - elapsed));
        double grant = own + Math.Min(wanted - own, Math.Max(0, available - own - held));
        double kept = Math.Min(due, Math.Min(grant, _reserved));
        (_granted, taken, due, _reserved) = (_granted + grant, taken + grant, due - kept, _reserved - kept);
        long left = Math.Clamp(_start + window - now, 1, window);
        double again = grant >= wanted ? 0
            : isNew ? left / 2.0
            : _granted >= permits ? (window > TimeSpan.TicksPerSecond * 10 ? Math.Min(left, window / 20.0) : left)
            : Math.Min(left, window / 20.0 * Math.Max(1, _count / 10.0));
        _members[request.Process] = new Member(_id, sequence, taken, Math.Min(request.Demand, permits), due, share);
        return new QuotaGrant((long)grant, TimeSpan.FromTicks(left)) { WindowId = _id, Processes = Math.Max(1, _count), FairShare = (long)share, AskAgain = TimeSpan.FromTicks((long)again) };
    }

    // The next window: those seen in the last one get a share by what they said they need, the smallest needs first.
    private void Turn(double permits, long now, long window)
    {
        double[] demands = [.. _members.Values.Where(m => m.Id == _id).Select(static m => m.Needs).Order()];
        foreach (string old in _members.Where(m => m.Value.Id != _id).Select(static m => m.Key).ToList())
        {
            _members.Remove(old);
        }

        double left = permits;
        _level = permits;
        for (int i = 0; i < demands.Length; i++)
        {
            double equal = Math.Floor(left / (demands.Length - i));
            if (demands[i] > equal)
            {
                _level = equal;
                left -= equal * (demands.Length - i);
                break;
            }

            left -= demands[i];
        }

        _count = demands.Length;
        _reserved = permits - left;
        _spare = _count > 0 ? Math.Floor(left / _count) : 0;
        (_before, _id, _start, _granted) = (_id, Math.Max(now, _id + 1), _start + window, 0);
    }

    private sealed record Member(long Id, long Sequence, double Taken, double Needs, double Due, double Share);
}
