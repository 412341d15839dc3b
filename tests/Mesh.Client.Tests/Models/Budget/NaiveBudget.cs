namespace Mesh.Client.Tests.Models.Budget;

/// <summary>The retry budget as its page has it: all requests and retries in two lists, of which the last ten seconds count.</summary>
internal sealed class NaiveBudget(double ratio, double perSecond)
{
    private const int Seconds = 10;

    private readonly List<long> _requests = [];
    private readonly List<long> _retries = [];

    /// <summary>Counts a request in a second, the first of which is 0.</summary>
    public void Deposit(long second) => _requests.Add(second);

    public bool TryWithdraw(long second)
    {
        if (Left(second) < 1)
        {
            return false;
        }

        _retries.Add(second);
        return true;
    }

    public double Remaining(long second) => Math.Max(0, Left(second));

    public long Spent(long second) => Within(_retries, second);

    private double Left(long second) => (ratio * Within(_requests, second)) + (perSecond * Math.Min(Seconds, second + 1)) - Spent(second);

    private static long Within(List<long> list, long second) => list.Count(s => s > second - Seconds);
}
