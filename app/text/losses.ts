/** What the lab says of losses. */

export const lossWords = {
  /** When to use each; in this order they are listed. */
  uses: {
    "dno-prct": "The default: pairs with a clear preference margin, sampled by the policy that is trained.",
    dno: "Algorithm 1 of the DNO paper: pairs of any margin, where win rates come from several judged comparisons a response.",
    "regularised-dno-1": "Preferences cycle and the policies of the rounds spiral: the pull to the first policy lets the last one settle.",
    "regularised-dno-2":
      "As option 1 with responses sampled from the mixed policy and win rates against it; for pairs made elsewhere, the lab samples from the round's policy.",
    dpo: "A control: one round on given pairs, held near the first policy throughout.",
    "ipo-summed": "Judgments that are nearly always unanimous: the aim is a log-ratio gap of 1/(2 beta) nats and no more.",
    "ipo-token-averaged": "As ipo-summed where responses differ much in length; the aim is 1/(2 beta) nats a token, beta is another scale.",
    hinge: "Pairs that are already 1/beta nats apart shall be left alone.",
    cdpo: "A known share of the judgments is wrong, and a cautious policy is wanted: the aim is a finite gap.",
    robust: "A known share of the judgments is wrong, and the loss shall be right on average in spite of it.",
    "length-normalised": "The policy learns to write longer or shorter than it should: rewards count per token.",
    sppo: "Win rates from several judged comparisons a response; each response is moved by its own win rate, so the chosen one is not let fall.",
    "sppo-hard": "As sppo with a single verdict a pair and no win rates.",
    inpo: "Preferences cycle, verdicts are single: the squared form of regularised-dno-1.",
    kto: "Chosen responses are good and rejected ones bad in themselves, or the two kinds shall weigh differently.",
    simpo: "Memory or time forbid a reference: it drifts freely, so keep the learning rate low.",
    orpo: "From a base model in one go, without a reference: chosen responses are imitated and preferred at once.",
    spin: "No judge at all: with the pair rule spin the teacher's response is chosen over each of the policy's own.",
    sft: "A control, or a first round: imitates the chosen responses, the rejected ones do not count.",
  },
};
