namespace Quickstart.Story;

/// <summary>Nothing happens yet.</summary>
internal sealed class Steady : IStep
{
    private const int FewestCalls = 1000;

    public string Title => "five instances share the traffic";

    public Task RunAsync(Scene scene) => scene.HoldAsync(seconds: 4);

    public IEnumerable<Claim> Judge(Scene scene)
    {
        int calls = scene.Calls.Count;
        int failed = scene.Calls.Failed;
        string error = scene.Calls.FirstError is { } first ? $"; the first: {first.Message}" : "";
        yield return new Claim(
            "no_call_failed",
            "No call failed, from the first to the last",
            failed == 0 && calls >= FewestCalls,
            $"{failed} of {calls}, with {scene.Calls.Retries} retries{error}");
    }
}
