namespace Mesh.Client.Tests.Health;

/// <summary>How many of some endpoints may be out: a share of them, but one at least where any may.</summary>
internal sealed class NaiveCap(int total, int percent)
{
    public int Out { get; private set; }

    public bool TryTake()
    {
        if (percent == 0 || Out >= Math.Max(1, total * percent / 100))
        {
            return false;
        }

        Out++;
        return true;
    }

    public void GiveBack() => Out--;
}
