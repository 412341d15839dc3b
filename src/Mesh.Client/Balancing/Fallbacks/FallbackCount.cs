namespace Mesh.Client.Balancing.Fallbacks;

/// <summary>How often calls went past the endpoints that they were meant for, because none of those could take them.</summary>
/// <param name="began">Told what calls were meant for when they begin to, and not again until they have ceased to.</param>
/// <param name="counted">Told of each.</param>
internal sealed class FallbackCount(Action<string>? began = null, Action? counted = null)
{
    private long _value;
    private long _seen;
    private int _isOn;

    public long Value => Interlocked.Read(ref _value);

    /// <summary>Whether calls went past lately.</summary>
    public bool IsOn => Volatile.Read(ref _isOn) != 0;

    /// <summary>Counts a call.</summary>
    /// <param name="meant">What it was meant for.</param>
    public void Add(string meant)
    {
        Interlocked.Increment(ref _value);
        counted?.Invoke();
        if (Volatile.Read(ref _isOn) == 0 && Interlocked.Exchange(ref _isOn, 1) == 0)
        {
            began?.Invoke(meant);
        }
    }

    /// <summary>Looks whether calls still go past. To be asked now and then, by one at a time.</summary>
    /// <returns>Whether they have ceased to since it was asked before.</returns>
    public bool HasCeased()
    {
        long value = Value;
        bool ceased = IsOn && value == _seen;
        _seen = value;
        if (ceased)
        {
            Volatile.Write(ref _isOn, 0);
        }

        return ceased;
    }
}
