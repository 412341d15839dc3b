using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing;

/// <summary>
/// The power of two choices: M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", IEEE TPDS 12(10), 2001. Candidates are drawn by
/// weight, and the better one is taken; where none is better the first one drawn wins, so that shares follow the weights at any load.
/// </summary>
internal abstract class ChoicePicker : EndpointPicker
{
    private const int DrawsForEachChoice = 16;

    private readonly EndpointNode[] _nodes;
    private readonly AliasTable _weights;
    private readonly int _choiceCount;
    private readonly int _maxDraws;

    protected ChoicePicker(EndpointNode[] nodes, AliasTable weights, int choiceCount)
    {
        _nodes = nodes;
        _weights = weights;
        _choiceCount = Math.Min(choiceCount, nodes.Length);
        _maxDraws = Math.Min(DrawsForEachChoice * _choiceCount, 2 * nodes.Length);
    }

    /// <summary>Whether two different candidates are drawn, all with the same chance.</summary>
    protected bool DrawsPairs => _choiceCount == 2 && _weights.IsUniform;

    /// <summary>Draws candidates one by one.</summary>
    protected EndpointNode? PickOfDraws(in PickContext context)
    {
        // Only endpoints that can be picked count as drawn: else whoever is drawn beside an ejected one would win without a comparison.
        EndpointNode? best = null;
        int drawn = 0;
        for (int draw = 0; draw < _maxDraws && drawn < _choiceCount; draw++)
        {
            EndpointNode node = _nodes[_weights.Draw(context.NextBits())];
            if (ReferenceEquals(node, best) || !context.CanPick(node))
            {
                continue;
            }

            drawn++;
            best = OrBetter(best, node, context.Timestamp);
        }

        return drawn == _choiceCount ? best : OrBetter(best, Scan.ByWeight(_nodes, context, except: best), context.Timestamp);
    }

    /// <summary>Whether a candidate is better than the best one so far.</summary>
    protected abstract bool IsBetter(EndpointNode node, EndpointNode best, long now);

    private EndpointNode? OrBetter(EndpointNode? best, EndpointNode? other, long now) =>
        best is null || (other is not null && IsBetter(other, best, now)) ? other : best;
}
