/** What the lab says of settings that belong together. */

export const presetWords = {
  paper: "DNO section 5.1: five samples and the teacher scored side by side from 0 to 6, all pairs by the paper's rule, old pairs replayed",
  restrictive: "DNO-Restrictive: as paper, but only the teacher's response may be chosen",
  spin: "SPIN: nobody judges; the teacher's response is chosen over each of the policy's own",
  "offline-dpo":
    "a control of one round: DPO on preferences that came with the prompts, their scores at least 1 apart, four epochs; nothing is sampled or judged for them",
  "sampled-dpo": "the same where no preferences came along: the first policy's responses and the teacher's, paired as in paper",
  "sft-positives": "a control of one round: imitates the chosen responses of paper's pairs, four epochs",
  duels: "Algorithm 1: each response against each other in both orders, pairs by expected win rate",
};
